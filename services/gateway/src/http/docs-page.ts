/** A page of our own that reads `/api/openapi.json`: nothing is loaded from elsewhere. */
export const DOCS_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Executor API</title>
<link rel="stylesheet" href="/api/docs/docs.css">
</head>
<body>
<header><h1>Executor API</h1><p id="about">Reading the description…</p></header>
<main id="operations"></main>
<script type="module" src="/api/docs/docs.js"></script>
</body>
</html>
`

export const DOCS_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
details { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; }
summary code { font-size: .95rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
pre { overflow: auto; padding: .75rem; border-radius: 6px; background: color-mix(in srgb, currentColor 7%, transparent); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
`

export const DOCS_SCRIPT = `
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}
const pretty = (value) => element('pre', { textContent: JSON.stringify(value, null, 2) })

function parameterTable(parameters) {
  const row = ({ name, in: where, required, schema }) =>
    element('tr', {},
      element('td', {}, element('code', { textContent: name })),
      element('td', { textContent: where + (required ? ', required' : '') }),
      element('td', {}, element('code', { textContent: JSON.stringify(schema) })))
  return element('table', {}, ...parameters.map(row))
}

function operationView(method, path, operation) {
  const title = element('summary', {},
    element('span', { className: 'method', textContent: method.toUpperCase() }),
    element('code', { textContent: path }), ' ', operation.summary ?? '')
  const view = element('details', { id: operation.operationId }, title)
  if (operation.description) view.append(element('p', { textContent: operation.description }))
  if (operation.parameters.length > 0)
    view.append(element('h4', { textContent: 'Parameters' }), parameterTable(operation.parameters))
  const body = operation.requestBody?.content['application/json']?.schema
  if (body) view.append(element('h4', { textContent: 'Body' }), pretty(body))
  for (const [status, { description, content }] of Object.entries(operation.responses)) {
    view.append(element('h4', { textContent: status + ': ' + description }))
    const schema = content?.['application/json']?.schema
    if (schema) view.append(pretty(schema))
  }
  return view
}

const response = await fetch('/api/openapi.json')
const api = await response.json()
document.querySelector('#about').textContent =
  api.info.description + ' Version ' + api.info.version + '. Every error is JSON with _tag and message.'
const groups = new Map()
for (const [path, methods] of Object.entries(api.paths))
  for (const [method, operation] of Object.entries(methods)) {
    const [group = 'other'] = operation.tags ?? []
    groups.set(group, [...(groups.get(group) ?? []), operationView(method, path, operation)])
  }
for (const [group, views] of groups)
  document.querySelector('#operations').append(element('h2', { textContent: group }), ...views)
`
