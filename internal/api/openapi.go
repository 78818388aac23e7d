package api

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"clew.dev/clew/internal/schema"
)

// Record stands in a Route's In or Out for a record of the path's {object}.
type Record map[string]any

func (s *Server) descriptionRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/openapi.json", Tag: "description", Summary: "This description; with the reader's own objects when he is signed in.",
			Policy: Public("describes what the documentation says, and objects only to who may see them"), Personal: true, Handle: s.showDescription,
		},
		{
			Method: http.MethodGet, Path: "/docs", Tag: "description", Summary: "This description as a page.",
			Policy: Public("as /openapi.json"), Personal: true, Handle: s.showDocs,
		},
	}
}

// Static is the description without the objects of any company, for `clew openapi --static`.
func Static(version string) map[string]any {
	s := New(Dependencies{Version: version})
	return describe(s.Routes(), nil, version, "en")
}

func (s *Server) showDescription(c *Call) error {
	return c.JSON(describe(s.Routes(), c.visibleObjects(), s.Version, c.Language))
}

// visibleObjects is what the caller may know of the objects; nobody knows none.
func (c *Call) visibleObjects() []*schema.Object {
	var visible []*schema.Object
	for _, object := range c.Snapshot.Objects {
		if shown := c.Grants.Visible(object); shown != nil {
			visible = append(visible, shown)
		}
	}
	return visible
}

// describe makes the OpenAPI 3.1 document.
func describe(routes []Route, objects []*schema.Object, version, language string) map[string]any {
	d := &describer{schemas: map[string]any{}, language: language}
	paths := map[string]any{}
	for _, route := range routes {
		d.addRoute(paths, route, objects)
	}
	for _, object := range objects {
		d.schemas["record_"+object.Name] = d.object(object)
	}
	d.schemas["Problem"] = d.of(Problem{})
	return map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Clew", "version": version},
		"paths":   paths,
		"components": map[string]any{
			"schemas": d.schemas,
			"securitySchemes": map[string]any{
				"bearer": map[string]any{"type": "http", "scheme": "bearer"},
				"cookie": map[string]any{"type": "apiKey", "in": "cookie", "name": cookieSecure},
			},
		},
	}
}

// addRoute adds a route, and one more for each object where the path has {object}.
func (d *describer) addRoute(paths map[string]any, route Route, objects []*schema.Object) {
	d.put(paths, route.Path, route, d.operation(route, "Record"))
	if !strings.Contains(route.Path, "{object}") {
		return
	}
	for _, object := range objects {
		path := strings.Replace(route.Path, "{object}", object.Name, 1)
		concrete := route
		concrete.Path = path
		operation := d.operation(concrete, "record_"+object.Name)
		if _, record := route.In.(Record); record && route.status() == http.StatusCreated {
			operation["requestBody"] = map[string]any{"required": true, "content": content("application/json", whole(object))}
		}
		d.put(paths, path, route, operation)
	}
}

func (d *describer) put(paths map[string]any, path string, route Route, operation map[string]any) {
	item, ok := paths[path].(map[string]any)
	if !ok {
		item = map[string]any{}
		paths[path] = item
	}
	item[strings.ToLower(route.Method)] = operation
}

func (d *describer) operation(route Route, record string) map[string]any {
	operation := map[string]any{
		"summary": route.Summary, "operationId": operationID(route), "tags": []string{route.Tag},
		"x-policy": route.Policy.Reason,
		"responses": map[string]any{
			strconv.Itoa(route.status()): d.answer(route, record),
			"default": map[string]any{
				"description": "A problem, RFC 9457.",
				"content":     content("application/problem+json", reference("Problem")),
			},
		},
	}
	if route.Policy.kind != public {
		operation["security"] = []any{map[string]any{"bearer": []any{}}, map[string]any{"cookie": []any{}}}
	}
	if parameters := parametersOf(route); len(parameters) > 0 {
		operation["parameters"] = parameters
	}
	if route.In != nil {
		operation["requestBody"] = map[string]any{
			"required": true, "content": content("application/json", d.named(route.In, record)),
		}
	}
	return operation
}

func (d *describer) answer(route Route, record string) map[string]any {
	answer := map[string]any{"description": http.StatusText(route.status())}
	if route.Out != nil {
		answer["content"] = content("application/json", d.named(route.Out, record))
	}
	return answer
}

func content(kind string, shape any) map[string]any {
	return map[string]any{kind: map[string]any{"schema": shape}}
}

// operationID is the method and the path in camel case: getUsersLeave.
func operationID(route Route) string {
	id := strings.ToLower(route.Method)
	for _, part := range strings.FieldsFunc(strings.TrimPrefix(route.Path, Prefix), func(r rune) bool {
		return strings.ContainsRune("/{}-._", r)
	}) {
		id += strings.ToUpper(part[:1]) + part[1:]
	}
	return id
}

func parametersOf(route Route) []any {
	var list []any
	for _, part := range strings.Split(route.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			list = append(list, map[string]any{
				"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": map[string]any{"type": "string"},
			})
		}
	}
	for _, p := range route.Query {
		list = append(list, map[string]any{
			"name": p.Name, "in": "query", "description": p.Summary, "schema": map[string]any{"type": "string"},
		})
	}
	if route.Method == http.MethodPost && route.Policy.kind != public {
		list = append(list, map[string]any{
			"name": "Idempotency-Key", "in": "header", "schema": map[string]any{"type": "string", "maxLength": keyMax},
		})
	}
	return list
}

// docsPolicy allows the page its own style and nothing else.
const docsPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"

func (s *Server) showDocs(c *Call) error {
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.W.Header().Set("Content-Security-Policy", docsPolicy)
	return docsPage().Execute(c.W, map[string]any{
		"Routes": s.Routes(), "Objects": c.visibleObjects(), "Language": c.Language, "Version": s.Version,
	})
}

func docsPage() *template.Template {
	return template.Must(template.New("docs").Parse(docsText))
}

const docsText = `<!doctype html>
<html lang="{{.Language}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Clew API</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
code{font-family:ui-monospace,monospace}
</style>
<h1>Clew API {{.Version}}</h1>
<p>The whole description: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<table><tr><th>Call<th>Meaning<th>Who
{{range .Routes}}<tr><td><code>{{.Method}} {{.Path}}</code><td>{{.Summary}}<td>{{.Policy.Reason}}
{{end}}</table>
{{$language := .Language}}{{range .Objects}}<h2><code>{{.Name}}</code> {{.Label.In $language}}</h2>
<table><tr><th>Field<th>Label<th>Type
{{range .Fields}}<tr><td><code>{{.Name}}</code><td>{{.Label.In $language}}<td>{{.Type}}
{{end}}</table>
{{end}}</html>
`
