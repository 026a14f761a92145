// Package checks is the open check of a document with its signature, for everybody and without signing
// in. Nothing of it is stored: the document is hashed while it comes, and forgotten.
package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/trust"
)

const (
	// maxAtOnce is how many checks a process has at once; one address may have one of them.
	maxAtOnce = 2
	// retryAfter is when who finds no place is told to come again.
	retryAfter = 10 * time.Second
	// maxUpload limits the time in which the files come.
	maxUpload = 15 * time.Minute
)

// checkTime limits the check after the files have come.
var checkTime = 10 * time.Second // changed by tests

// Dependencies are the dependencies of the service; all but Trust are required.
type Dependencies struct {
	HTTP *httpapi.Server
	// Trust is nil without authorities: then nothing can be checked.
	Trust *trust.Source
	Maker *generated.Maker
	Now   func() time.Time
}

// Service checks signatures.
type Service struct {
	Dependencies
	mu sync.Mutex
	// running are the addresses that have a place.
	running map[string]bool
}

// New returns the service.
func New(d Dependencies) *Service { return &Service{Dependencies: d, running: map[string]bool{}} }

// Register adds the operation.
func (s *Service) Register() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "check-signature", Method: http.MethodPost, Path: "/api/signature-checks", Tags: []string{"Проверка подписи"},
		Summary: "Проверить подпись документа; вход не нужен, ничего не сохраняется",
		Description: "Форма multipart/form-data: документ до 500 МБ, отсоединённая подпись и, если есть, машиночитаемая доверенность с подписью. " +
			"Отправляйте документ последней частью: тогда вычисляется только нужный хеш. Проверяются сама подпись, сертификат и доверенность; кто должен был подписать, платформа не знает. " +
			"Действительна ли подпись, сказано в ответе 200. Одновременно идут две проверки; по адресам из сертификатов платформа не обращается.",
		Errors:      []int{http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: formSchema()}}},
	}, httpapi.Public, s.check, httpapi.Costs(limits.Check), httpapi.TakesForm(maxUpload+time.Minute))
}

type checkOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         SignatureCheck
}

func (s *Service) check(ctx context.Context, in *form) (*checkOutput, error) {
	out, err := s.checkForm(ctx, in)
	if err != nil {
		in.abandon()
	}
	return out, err
}

func (s *Service) checkForm(ctx context.Context, in *form) (*checkOutput, error) {
	if s.Trust == nil {
		return nil, problems.New(problems.SignaturesOff)
	}
	leave, err := s.enter(httpapi.RequestFrom(ctx).AddressKey())
	if err != nil {
		return nil, err
	}
	files, err := in.read()
	if err != nil {
		leave()
		return nil, err
	}
	result, err := s.judge(ctx, files, leave)
	if err != nil {
		return nil, err
	}
	body := resultOf(files, result)
	if body.Protocol, err = s.Maker.Protocol(forms.Protocol{
		Document:   forms.SignedDocument{Name: files.documentName(), Size: files.document.size, SHA256: files.document.sha256},
		Signatures: []forms.CheckedSignature{{Name: files.signatureName, Result: result}}, CheckedAt: result.AcceptedAt,
	}); err != nil {
		return nil, fmt.Errorf("making the protocol of a check: %w", err)
	}
	return &checkOutput{"no-store", body}, nil
}

// enter takes a place, which leave frees.
func (s *Service) enter(address string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[address] || len(s.running) >= maxAtOnce {
		return nil, problems.New(problems.ChecksBusy).After(retryAfter)
	}
	s.running[address] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running, address)
	}, nil
}

// judge checks within checkTime. The place stays taken until the check has ended, even if its time has
// passed before.
func (s *Service) judge(ctx context.Context, f *files, leave func()) (signature.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var result signature.Result
	ended := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
			leave() // before the answer, so that whoever has it may check again
			ended <- err
		}()
		checker := signature.Checker{Trust: s.Trust.Store(), Registry: mchd.NoRegistry{}}
		result, _, err = checker.Check(ctx, f.request(s.Now().UTC().Truncate(time.Second)))
	}()
	select {
	case <-ctx.Done():
		return signature.Result{}, problems.New(problems.CheckTimeout).After(retryAfter)
	case err := <-ended:
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return result, problems.New(problems.CheckTimeout).After(retryAfter)
		case errors.Is(err, signature.ErrOnce):
			return result, problems.Invalid(problems.FieldProblem{Field: partSignature, Message: "Отправьте файл подписи перед документом."})
		case err != nil:
			return result, fmt.Errorf("checking a signature: %w", err)
		}
		return result, nil
	}
}
