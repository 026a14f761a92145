package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
)

// Letter is a letter that was delivered.
type Letter struct {
	Number string
	To     []string
	From   string
	// ID is the Message-ID.
	ID, Subject string
	Date        time.Time
	Text, HTML  string
	Header      mail.Header
	Source      []byte
}

var errNoParts = errors.New("it has no text, or no HTML")

// read reads a letter with a text and the same as HTML.
func read(source []byte) (Letter, error) {
	message, err := mail.ReadMessage(bytes.NewReader(source))
	if err != nil {
		return Letter{}, err
	}
	l := Letter{From: message.Header.Get("From"), ID: message.Header.Get("Message-Id"), Header: message.Header, Source: source}
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return l, err
	}
	if l.Date, err = message.Header.Date(); err != nil {
		return l, err
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return l, fmt.Errorf("content type %q: %w", kind, errNoParts)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, err
		}
		content, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return l, err
		}
		text := strings.ReplaceAll(string(content), "\r\n", "\n")
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.HTML = text
		} else {
			l.Text = text
		}
	}
	if l.Text == "" || l.HTML == "" {
		return l, errNoParts
	}
	return l, nil
}
