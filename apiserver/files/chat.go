package files

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/chats"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
)

const chatFiles = "/api/orders/{order}/chats/{engineer}/files"

// ChatFilePath are the path parameters that identify a file of a chat.
type ChatFilePath struct {
	chats.Path
	File uuid.UUID `path:"file" format:"uuid" doc:"Файл"`
}

func (a *Service) inChat(in chats.Path) place { return ofChat{a, in} }

func (a *Service) registerChatFiles() {
	op := func(id, method, path, summary string, errs ...int) huma.Operation {
		return operation(chatFiles+path, "-of-chat", id, method, summary, errs...)
	}
	upload := httpapi.Costs(limits.Upload)
	httpapi.Register(a.HTTP, op("begin-upload", http.MethodPost, "", "Объявить файл переписки и начать загрузку", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *struct {
			chats.Path
			Body FileDeclaration
		},
		) (*fileOutput, error) {
			return a.beginUpload(ctx, a.inChat(in.Path), in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("get-file", http.MethodGet, "/{file}", "Состояние файла переписки и его загрузки"), httpapi.Consented(),
		func(ctx context.Context, in *ChatFilePath) (*fileOutput, error) {
			return a.fileAnswer(ctx, a.inChat(in.Path), in.File, http.StatusOK)
		})
	httpapi.Register(a.HTTP, op("sign-part", http.MethodPost, "/{file}/parts", "Адрес для загрузки части файла переписки", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *struct {
			ChatFilePath
			Body partDeclaration
		},
		) (*partOutput, error) {
			return a.signPart(ctx, a.inChat(in.Path), in.File, in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("complete-upload", http.MethodPost, "/{file}/complete", "Завершить загрузку файла переписки", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *struct {
			ChatFilePath
			Body *completion
		},
		) (*fileOutput, error) {
			return a.completeUpload(ctx, a.inChat(in.Path), in.File, in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("get-content", http.MethodGet, "/{file}/content", "Скачать файл переписки", http.StatusConflict), httpapi.Consented(),
		func(ctx context.Context, in *ChatFilePath) (*contentOutput, error) {
			return a.getContent(ctx, a.inChat(in.Path), in.File, original)
		})
	httpapi.Register(a.HTTP, op("delete-file", http.MethodDelete, "/{file}", "Удалить файл, который ещё не отправлен", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *ChatFilePath) (*struct{}, error) {
			return a.deleteFile(ctx, a.inChat(in.Path), in.File)
		})
}
