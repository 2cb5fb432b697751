// Validates an OpenAPI document by the schema of its version: node validate.mjs <file>
// Prints the result as JSON.
import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { Validator } from '@seriousme/openapi-schema-validator';

const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(await readFile(argv[2], 'utf8')));
console.log(JSON.stringify({ valid, version: validator.version, errors: errors ?? null }));
