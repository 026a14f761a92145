package goskey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
)

// partSize is the size of a part of the archive in bytes: all but the last must have 5 to 50 million.
const partSize = 5_000_000

// OrderID is the number of an order at ЕПГУ.
type OrderID int64

// Reserve gets the number of a new order for a signatory. Nothing is sent to him yet. A call that is
// repeated gets another number.
func (c *Client) Reserve(ctx context.Context, s Signatory) (OrderID, error) {
	var answer struct {
		OrderID OrderID `json:"orderId"`
	}
	err := c.doJSON(ctx, call{http.MethodPost, "/api/gusmev/order", "application/json; charset=utf-8", c.meta(s)}, &answer)
	if err == nil && answer.OrderID <= 0 {
		return 0, failure(CodeAnswerInvalid, "the answer has no number of the order")
	}
	return answer.OrderID, err
}

// Submit signs the request and the document by the platform's УКЭП and sends them under a reserved
// number. Nothing reaches the person before the last part has arrived; then the answer of the platform
// ЕПГУ follows in [Client.State]. A repeated Submit makes no second order, but before it the caller
// asks for the state, because ЕПГУ does not take an order twice.
func (c *Client) Submit(ctx context.Context, id OrderID, r Request) error {
	if err := r.check(c.now()); err != nil {
		return err
	}
	packed, err := c.pack(ctx, r)
	if err != nil {
		return err
	}
	parts := (len(packed) + partSize - 1) / partSize
	for n := range parts {
		if err := c.sendPart(ctx, id, r.Signatory, packed[n*partSize:min((n+1)*partSize, len(packed))], n, parts); err != nil {
			return err
		}
	}
	return nil
}

// pack returns the archive of the request and the document with their signatures.
func (c *Client) pack(ctx context.Context, r Request) ([]byte, error) {
	request, err := r.xml(c.config)
	if err != nil {
		return nil, err
	}
	var members []member
	for _, m := range []member{{"req.xml", request}, {r.FileName, r.Document}} {
		signature, err := c.sign(ctx, m.content)
		if err != nil {
			return nil, err
		}
		members = append(members, m, member{m.name + ".sig", signature})
	}
	return archive(members)
}

func (c *Client) sendPart(ctx context.Context, id OrderID, s Signatory, part []byte, n, of int) error {
	body, contentType, err := c.form(id, s, part, n, of)
	if err != nil {
		return failure(CodeRequest, "building a part: %w", err)
	}
	var answer struct {
		OrderID OrderID `json:"orderId"`
	}
	if err := c.doJSON(ctx, call{http.MethodPost, "/api/gusmev/push/chunked", contentType, body}, &answer); err != nil {
		return err
	}
	if answer.OrderID != id {
		return failure(CodeAnswerInvalid, "the answer names another order")
	}
	return nil
}

// form returns one part of the archive as a form.
func (c *Client) form(id OrderID, s Signatory, part []byte, n, of int) (body, contentType string, err error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	meta, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="meta"`}, "Content-Type": {"application/json"},
	})
	if err != nil {
		return "", "", err
	}
	_, err = meta.Write([]byte(c.meta(s)))
	name := "archive.zip"
	if of > 1 {
		name = fmt.Sprintf("archive.z%03d", n+1)
	}
	err = errors.Join(
		err, w.WriteField("orderId", strconv.FormatInt(int64(id), 10)),
		w.WriteField("chunk", strconv.Itoa(n)), w.WriteField("chunks", strconv.Itoa(of)),
	)
	file, fileErr := w.CreateFormFile("file", name)
	if err := errors.Join(err, fileErr); err != nil {
		return "", "", err
	}
	_, err = file.Write(part)
	err = errors.Join(err, w.Close())
	return out.String(), w.FormDataContentType(), err
}
