package server

import (
	"net/http"

	"clew.dev/clew/web"
)

// application is the front end, for every path that is not the API's.
func application() http.Handler { return web.Handler() }
