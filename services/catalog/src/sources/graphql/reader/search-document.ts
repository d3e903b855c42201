import type { SearchDocument } from '../../../search/document.ts'
import { SEARCH_FIELDS_MAX } from '../../openapi/reader/limits.ts'
import type { FieldModel, SchemaModel } from './model.ts'
import type { ConvertedField } from './operation.ts'

/** What the search index is told: arguments, and what the input objects among them hold. */
export function toSearchDocument(
  { name, description, annotations, detail }: ConvertedField,
  { args, type }: FieldModel,
  { types }: SchemaModel,
): SearchDocument {
  const parameters = args.flatMap((arg) => {
    const inside = types.get(arg.type.name)
    return [arg, ...(inside?.kind === 'input' ? inside.fields : [])]
  })
  return {
    name,
    description,
    parameters: parameters.slice(0, SEARCH_FIELDS_MAX).map((parameter) => ({
      name: parameter.name,
      ...(parameter.description ? { description: parameter.description } : {}),
    })),
    tags: [...detail.tags, type.name],
    readOnly: annotations.readOnly,
    destructive: annotations.destructive,
    deprecated: annotations.deprecated === true,
  }
}
