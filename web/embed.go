// Package web embeds the built web app in the apiserver binary. It serves nothing and has no
// routes. Its input is dist/, which `make web` builds; before the first build the folder has no
// app, and the package still compiles.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// App returns the built app: index.html, hashed files in assets/, and .br and .gz versions of
// compressible files. index.html is missing if the app was not built.
func App() fs.FS {
	app, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only a malformed name fails
	}
	return app
}
