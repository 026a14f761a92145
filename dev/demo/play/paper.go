package play

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
)

// pdf returns a one-page document with a heading and lines of Russian text. It embeds no fonts: the
// reader substitutes its own.
func pdf(lines ...string) []byte {
	var page bytes.Buffer
	page.WriteString("BT /F1 9 Tf 14 TL 48 780 Td\n")
	for _, line := range lines {
		fmt.Fprintf(&page, "<%x> Tj T*\n", encode(line))
	}
	page.WriteString("ET\n")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /FirstChar 32 /LastChar 255 /Widths [" + strings.Repeat("600 ", 224) +
			"] /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [128 " + cyrillicGlyphs() + "] >> >>",
	}
	return assemble(objects)
}

// assemble writes the objects and the cross-reference table.
func assemble(objects []string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, len(objects))
	for i, object := range objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}

// cyrillic letters have the codes from 128 on; in the fonts they are afii10017 … afii10049 and
// afii10065 … afii10097.
const cyrillic = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя№«»—"

func cyrillicGlyphs() string {
	var names []string
	for i := range 33 {
		names = append(names, fmt.Sprintf("/afii%d", 10017+i))
	}
	for i := range 33 {
		names = append(names, fmt.Sprintf("/afii%d", 10065+i))
	}
	return strings.Join(append(names, "/afii61352", "/guillemotleft", "/guillemotright", "/emdash"), " ")
}

// encode converts the line to the font's own encoding; characters that it lacks become question
// marks.
func encode(line string) []byte {
	letters := []rune(cyrillic)
	var out []byte
	for _, r := range line {
		code := byte('?')
		if r < 128 {
			code = byte(r)
		}
		for i, letter := range letters {
			if letter == r {
				code = byte(128 + i)
			}
		}
		out = append(out, code)
	}
	return out
}

// archive returns a zip with the files of the works; contents by name.
func archive(files map[string]string) ([]byte, error) {
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for name, content := range files {
		entry, err := writer.Create(name)
		if err != nil {
			return nil, fmt.Errorf("making an archive: %w", err)
		}
		if _, err := entry.Write([]byte(content)); err != nil {
			return nil, fmt.Errorf("making an archive: %w", err)
		}
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("making an archive: %w", err)
	}
	return out.Bytes(), nil
}
