package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"epkr/internal/humantext"
)

// harmlessTypes are served to a browser under their own content type. All others are served as
// bytes, so that no page or script of a user runs on the storage's origin.
var harmlessTypes = map[string]bool{
	"application/pdf":               true,
	"application/zip":               true,
	"application/x-7z-compressed":   true,
	"application/x-rar-compressed":  true,
	"application/msword":            true,
	"application/vnd.ms-excel":      true,
	"application/rtf":               true,
	"text/rtf":                      true,
	"application/pkcs7-signature":   true,
	"application/x-pkcs7-signature": true,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": true,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       true,
	"application/vnd.oasis.opendocument.text":                                 true,
	"application/vnd.oasis.opendocument.spreadsheet":                          true,
	"image/jpeg": true,
	"image/png":  true,
	"image/gif":  true,
	"image/bmp":  true,
	"image/webp": true,
	"image/tiff": true,
	"text/plain": true,
}

// Open returns the content and the size in bytes of the sealed file with this hash (lower-case
// hex). The caller closes it. The error is ErrNotFound if there is none.
func (s *Store) Open(ctx context.Context, hash string) (io.ReadCloser, int64, error) {
	if err := validateHash(hash); err != nil {
		return nil, 0, err
	}
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(sealedKey(hash))})
	if err != nil {
		return nil, 0, classify("open file "+hash, err)
	}
	return out.Body, aws.ToInt64(out.ContentLength), nil
}

// PresignDownload returns a URL, valid for 5 minutes, at which a browser downloads the sealed file
// under the given name. The file is always an attachment, and a type that a browser could run is
// replaced by application/octet-stream. PresignDownload does not check that the file exists.
func (s *Store) PresignDownload(ctx context.Context, hash, filename, contentType string) (string, error) {
	if err := validateHash(hash); err != nil {
		return "", err
	}
	signed, err := s.downloads.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket:                     &s.bucket,
		Key:                        aws.String(sealedKey(hash)),
		ResponseContentDisposition: aws.String(Attachment(filename)),
		ResponseContentType:        aws.String(SafeContentType(contentType)),
	})
	if err != nil {
		return "", fmt.Errorf("presign download of %s: %w", hash, err)
	}
	return signed.URL, nil
}

// Attachment returns the Content-Disposition header that saves a file under this name: in UTF-8
// (RFC 5987, RFC 6266), with an ASCII form for old clients. The name is normalised by
// [humantext.FileName] and shortened to what file systems accept; its extension stays.
func Attachment(filename string) string {
	name, fault := humantext.FileName(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, filename))
	if fault != "" {
		name = "file"
	}
	name = humantext.ShortFileName(name)
	plain := strings.Map(func(r rune) rune {
		if r > '~' || r == '"' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, extValue(name))
}

// extValue percent-encodes a name for RFC 5987. It also encodes the characters that PathEscape
// leaves but the RFC's attr-char excludes.
func extValue(name string) string {
	return strings.NewReplacer("'", "%27", ":", "%3A", "@", "%40", "=", "%3D").Replace(url.PathEscape(name))
}

// SafeContentType returns the content type to serve a file with.
func SafeContentType(contentType string) string {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil || !harmlessTypes[media] {
		return "application/octet-stream"
	}
	if media == "text/plain" {
		return contentType
	}
	return media
}

func validateHash(hash string) error {
	if sum, err := hex.DecodeString(hash); err != nil || len(sum) != sha256.Size || strings.ToLower(hash) != hash {
		return fmt.Errorf("file hash is not a SHA-256 in lower-case hex: %w", ErrNotFound)
	}
	return nil
}
