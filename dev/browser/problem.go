package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Problem is an error response of the API.
type Problem struct {
	Status int
	// Code is one of apiserver's problem codes or, for a message, an order.Code; empty if the
	// response is not a problem of the API.
	Code string
	// Detail is in Russian, or the start of a response that is not a problem of the API.
	Detail string
	Errors []struct{ Field, Message string }
	// RetryAfter is how long to wait before the same request may be sent again; zero if the
	// response does not say.
	RetryAfter time.Duration `json:"-"`
}

// Error returns the text that a person would read.
func (p *Problem) Error() string {
	text := fmt.Sprintf("%s (%s, %d)", p.Detail, p.Code, p.Status)
	for _, e := range p.Errors {
		text += "; " + e.Field + ": " + e.Message
	}
	return text
}

// AsProblem returns the [Problem] in err, or an empty one.
func AsProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return &Problem{}
}

func problemOf(response *http.Response, answer []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(answer, p) != nil || p.Code == "" {
		p.Detail = strings.ToValidUTF8(string(answer[:min(len(answer), 300)]), "")
	}
	p.Status = response.StatusCode
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // 0 without the header
	p.RetryAfter = time.Duration(seconds) * time.Second
	return p
}
