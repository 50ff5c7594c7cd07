/** Text of tokens to values. */
import { type CstNode, DefaultValueConverter, type GrammarAST, type ValueType } from 'langium';

export class ShardplanValueConverter extends DefaultValueConverter {
  protected override runConverter(rule: GrammarAST.AbstractRule, input: string, cstNode: CstNode): ValueType {
    // A string that its line cuts off has no quote to take away.
    if (rule.name === 'STRING' && (input.length < 2 || !input.endsWith('"'))) return input.slice(1);
    return super.runConverter(rule, input, cstNode);
  }
}
