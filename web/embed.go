// Package web carries the built web app inside the binary of apiserver. It serves nothing and knows no routes; its input is
// dist/, which `make web` builds. Before the first build the folder holds no app, and Go compiles all the same.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// App is the built app: index.html, hashed files in assets/, and a .br and .gz beside what is worth compressing. There is no
// index.html when the app was not built.
func App() fs.FS {
	app, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only a malformed name fails
	}
	return app
}
