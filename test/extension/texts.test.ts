/** Texts that the extension hands to people: templates are free of errors. */
import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { TEMPLATES } from '../../src/extension/features/new-plan/templates.ts';
import { createTestServices } from '../language/support.ts';

const services = createTestServices();

describe('templates', () => {
  test.each(TEMPLATES.map(template => [template.label, template.text]))(
    '%s has no errors',
    async (_label, text) => {
      const found = await services.check(text);
      const errors = found.filter(diagnostic => diagnostic.severity === DiagnosticSeverity.Error);
      expect(errors.map(error => error.message)).toEqual([]);
    },
  );
});
