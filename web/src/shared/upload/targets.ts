import { api, unwrap, type Schema } from '@/shared/api/client';
import type { UploadPorts } from './upload';

/** What files are uploaded to: an order, its chat or the user's own profile. */
export interface UploadTarget extends Pick<UploadPorts, 'declare' | 'getStatus' | 'sign' | 'complete'> {
  /** Distinguishes the targets in the storage of started uploads. */
  key: string;
  remove: (file: string) => Promise<unknown>;
  /** The maximum size of a file in bytes, if it is smaller than the platform's. */
  maxFileBytes?: number;
}

/** The files of an order. */
export function filesOfOrder(order: string): UploadTarget {
  const of = (file: string) => ({ params: { path: { order, file } } });
  return {
    key: order,
    declare: async (body) =>
      (await unwrap(api.POST('/api/orders/{order}/files', { params: { path: { order } }, body }))).file,
    getStatus: async (file) => (await unwrap(api.GET('/api/orders/{order}/files/{file}', of(file)))).file,
    sign: (file, body) => unwrap(api.POST('/api/orders/{order}/files/{file}/parts', { ...of(file), body })),
    complete: async (file, parts) =>
      (await unwrap(api.POST('/api/orders/{order}/files/{file}/complete', { ...of(file), body: { parts } }))).file,
    remove: (file) => unwrap(api.DELETE('/api/orders/{order}/files/{file}', of(file))),
  };
}

/** The files of the chat of an order with an engineer. */
export function filesOfChat(order: string, engineer: string): UploadTarget {
  const path = { order, engineer };
  const of = (file: string) => ({ params: { path: { ...path, file } } });
  return {
    key: `${order}.${engineer}`,
    declare: async (body) =>
      (await unwrap(api.POST('/api/orders/{order}/chats/{engineer}/files', { params: { path }, body }))).file,
    getStatus: async (file) =>
      (await unwrap(api.GET('/api/orders/{order}/chats/{engineer}/files/{file}', of(file)))).file,
    sign: (file, body) =>
      unwrap(api.POST('/api/orders/{order}/chats/{engineer}/files/{file}/parts', { ...of(file), body })),
    complete: async (file, parts) =>
      (
        await unwrap(
          api.POST('/api/orders/{order}/chats/{engineer}/files/{file}/complete', { ...of(file), body: { parts } }),
        )
      ).file,
    remove: (file) => unwrap(api.DELETE('/api/orders/{order}/chats/{engineer}/files/{file}', of(file))),
  };
}

/** What a file is in a profile. */
export type Purpose = Schema<'ProfileDeclaration'>['purpose'];

const megabyte = 1024 * 1024;

/** The maximum sizes, so that a file is refused before it is read. The platform checks them again. */
const maxBytes: Record<Purpose, number> = {
  photo: 10 * megabyte,
  diploma: 50 * megabyte,
  sample: 50 * megabyte,
  document: 50 * megabyte,
};

/** The files of the user's own profile. */
export function filesOfProfile(purpose: Purpose): UploadTarget {
  const of = (file: string) => ({ params: { path: { file } } });
  return {
    key: `profile.${purpose}`,
    maxFileBytes: maxBytes[purpose],
    declare: async (body) => (await unwrap(api.POST('/api/profile/files', { body: { ...body, purpose } }))).file,
    getStatus: async (file) => (await unwrap(api.GET('/api/profile/files/{file}', of(file)))).file,
    sign: (file, body) => unwrap(api.POST('/api/profile/files/{file}/parts', { ...of(file), body })),
    complete: async (file, parts) =>
      (await unwrap(api.POST('/api/profile/files/{file}/complete', { ...of(file), body: { parts } }))).file,
    remove: (file) => unwrap(api.DELETE('/api/profile/files/{file}', of(file))),
  };
}
