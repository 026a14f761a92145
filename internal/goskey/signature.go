package goskey

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// signatureType is the type of a detached signature in the answer of a service.
const signatureType = "application/x-pkcs7-signature"

// responseObject is the type of the files in the answer to an order, in the paths of the storage.
const responseObject = "3"

// linkPattern matches the link of a file: order, name and type of the object. The storage is asked for
// a file of this order only, whatever the link says.
var linkPattern = regexp.MustCompile(`^terrabyte://[^/]+/(\d+)/([^/]+)/(\d+)$`)

// Signature returns the person's detached signature of a document, by the name of the document in the
// request. The bytes are not verified: who trusts them checks signer, document and certificate.
func (c *Client) Signature(ctx context.Context, id OrderID, fileName string) ([]byte, error) {
	answer, err := c.State(ctx, id)
	if err != nil {
		return nil, err
	}
	if answer.State != Signed {
		return nil, failure(CodeNoSignature, "the order is %s", answer.State)
	}
	mnemonic := mnemonicOf(answer.files, id, fileName)
	if mnemonic == "" {
		return nil, failure(CodeNoSignature, "none of %d files is the signature", len(answer.files))
	}
	path := fmt.Sprintf("/api/storage/v2/files/%d/%s/download?mnemonic=%s", id, responseObject, url.QueryEscape(mnemonic))
	signature, err := c.do(ctx, call{method: http.MethodGet, path: path}, maxSignature)
	if err == nil && len(signature) == 0 {
		return nil, failure(CodeNoSignature, "the file of the signature is empty")
	}
	return signature, err
}

// mnemonicOf returns the name in the storage of the signature of a document; "" if there is none.
func mnemonicOf(files []responseFile, id OrderID, fileName string) string {
	for _, f := range files {
		match := linkPattern.FindStringSubmatch(f.Link)
		if f.MIMEType != signatureType || match == nil || match[1] != fmt.Sprint(id) || match[3] != responseObject {
			continue
		}
		if name := strings.TrimSuffix(f.Name, ".sig"); name == fileName || strings.TrimSuffix(match[2], ".sig") == fileName {
			return match[2]
		}
	}
	return ""
}
