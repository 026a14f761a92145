package files

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/storage"
	"epkr/internal/workflowapi"
)

// startTimeout limits the call that starts the check of a file. After it, it is unknown whether the
// check was started.
const startTimeout = 5 * time.Second

// partDeclaration describes a part before it is uploaded.
type partDeclaration struct {
	Part   int    `json:"part" minimum:"1" maximum:"10000" doc:"Номер части, с 1"`
	Length int64  `json:"length" minimum:"1" maximum:"1099511627776" doc:"Размер части в байтах"`
	SHA256 string `json:"sha256" pattern:"^[A-Za-z0-9+/]{43}=$" doc:"SHA-256 части в base64"`
}

type partOutput struct {
	Body struct {
		URL     string            `json:"url" doc:"Куда отправить часть запросом PUT; действует 15 минут"`
		Headers map[string]string `json:"headers" doc:"С какими заголовками"`
	}
}

// signPart returns the address for one part. Length and checksum are signed, so that only the
// declared content can be sent there.
func (a *Service) signPart(ctx context.Context, at place, id uuid.UUID, d partDeclaration) (*partOutput, error) {
	f, err := ownFile(ctx, at, id)
	if err != nil {
		return nil, err
	}
	if f.Status != storage.Uploading {
		return nil, problems.New(problems.UploadNotOpen)
	}
	if want := partLength(f.FileRow, d.Part); d.Length != want {
		return nil, problems.Invalid(problems.FieldProblem{Field: "length", Message: fmt.Sprintf("В этой части должно быть %d байт.", want)})
	}
	out := &partOutput{}
	out.Body.URL, out.Body.Headers, err = a.Files.PresignPart(ctx, f.ID, f.UploadID, d.Part, d.Length, d.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing a part: %w", err)
	}
	return out, nil
}

// partLength returns the required length of a part in bytes; 0 for a part beyond the end.
func partLength(f sqlcgen.FileRow, part int) int64 {
	begin := int64(part-1) * f.PartSize
	return max(0, min(f.PartSize, f.Size-begin))
}

// completion names the parts of an upload.
type completion struct {
	Parts []struct {
		Part   int    `json:"part" minimum:"1" maximum:"10000" doc:"Номер части"`
		SHA256 string `json:"sha256" pattern:"^[A-Za-z0-9+/]{43}=$" doc:"SHA-256 части в base64"`
	} `json:"parts,omitempty" maxItems:"10000" doc:"Части, которые должны быть загружены; без них верят хранилищу"`
}

// completeUpload joins the parts and starts the check of the file. The client may repeat it until
// the result is known.
func (a *Service) completeUpload(ctx context.Context, at place, id uuid.UUID, named *completion) (*fileOutput, error) {
	f, err := ownFile(ctx, at, id)
	if err != nil {
		return nil, err
	}
	if f.Status == storage.Uploading {
		want := map[int]string{}
		if named != nil {
			for _, p := range named.Parts {
				want[p.Part] = p.SHA256
			}
		}
		if err := a.joinParts(ctx, f.FileRow, want); err != nil {
			return nil, err
		}
		f.Status = storage.Checking
	}
	if f.Status == storage.Checking {
		return a.checkFile(ctx, at, f.FileRow)
	}
	return a.fileAnswer(ctx, at, id, http.StatusOK)
}

// joinParts completes the upload and closes it for further parts. An upload unknown to the storage
// was completed or swept before; the check finds out which.
func (a *Service) joinParts(ctx context.Context, f sqlcgen.FileRow, want map[int]string) error {
	parts, open, err := a.uploadedParts(ctx, f)
	if err != nil {
		return err
	}
	if open {
		if err := checkParts(f, parts, want); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, storageTimeout)
		defer cancel()
		if err := a.Files.CompleteUpload(ctx, f.ID, f.UploadID, parts); err != nil {
			return httpapi.FromStorage(ctx, err)
		}
	}
	return a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockHash(ctx, f.Sha256); err != nil { // waits until a removal of the same content has ended
			return fmt.Errorf("locking a content: %w", err)
		}
		_, err := q.CheckFile(ctx, f.ID)
		return err
	})
}

// checkParts requires every part, and the given checksums of the parts that want names.
func checkParts(f sqlcgen.FileRow, parts []storage.Part, want map[int]string) error {
	incomplete := problems.New(problems.UploadUnequal)
	if len(parts) != partsOf(f) {
		return incomplete.WithDetail(fmt.Sprintf("Загружено частей: %d из %d. Загрузите недостающие и повторите.", len(parts), partsOf(f)))
	}
	for _, p := range parts {
		if hash, named := want[p.Number]; named && hash != p.SHA256 {
			return incomplete.WithDetail(fmt.Sprintf("Часть %d загружена с другим содержимым. Загрузите её ещё раз.", p.Number))
		}
	}
	return nil
}

// checkFile starts the check, or joins the running one, and waits a few seconds for its result.
func (a *Service) checkFile(ctx context.Context, at place, f sqlcgen.FileRow) (*fileOutput, error) {
	notified, cancelSubscription := a.Events.Subscribe(f.ID)
	defer cancelSubscription()
	starting, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	options := workflowapi.StoreFileOptions(f.ID, a.TaskQueue)
	input := workflowapi.StoreFileInput{FileID: f.ID.String(), OfProfile: f.ProfileID != nil}
	_, err := a.Temporal.ExecuteWorkflow(starting, options, workflowapi.StoreFileWorkflow, input)
	if err != nil {
		a.Log.WarnContext(ctx, "whether the check of a file was started is unknown", "file", f.ID, "error", err)
		return nil, problems.New(problems.UnknownOutcome).After(2 * time.Second)
	}
	var answer *fileOutput
	err = events.WaitOrPoll(ctx, notified, func() (bool, error) {
		answer, err = a.fileAnswer(ctx, at, f.ID, http.StatusOK)
		return err == nil && answer.Body.File.State != storage.Checking, err
	})
	if err == nil && answer.Body.File.State == storage.Checking {
		answer.Status = http.StatusAccepted
	}
	return answer, err
}
