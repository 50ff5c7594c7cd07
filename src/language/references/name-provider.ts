/** What has a name that can be referred to and renamed: declarations, levels, axes and stated collectives. */
import { type AstNode, type CstNode, DefaultNameProvider } from 'langium';
import { isAxis, isCollective, isDeclaration, isLevel } from '../generated/ast.ts';

export class ShardplanNameProvider extends DefaultNameProvider {
  /** Names of arguments and of tensor dimensions are words, not names. */
  override getName(node: AstNode): string | undefined {
    return isNamed(node) ? super.getName(node) : undefined;
  }

  override getNameNode(node: AstNode): CstNode | undefined {
    return isNamed(node) ? super.getNameNode(node) : undefined;
  }
}

const isNamed = (node: AstNode) => isDeclaration(node) || isLevel(node) || isAxis(node) || isCollective(node);
