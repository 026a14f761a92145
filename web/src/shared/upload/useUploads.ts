import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { api, ask } from '@/shared/api/client';
import { randomId } from '@/shared/lib/randomId';
import { Digester } from './digest';
import { orderPorts } from './ports';
import { Upload } from './upload';

/** A file that is stored, as orders name it, with what people see of it. */
export interface UploadedFile {
  id: string;
  sha256: string;
  name: string;
  size: number;
}

/** Lets the platform drop a file that its sender does not want. One that the order already uses stays: the refusal is right. */
export function removeFile(order: string, file: string): void {
  void ask(api.DELETE('/api/orders/{order}/files/{file}', { params: { path: { order, file } } })).catch(
    () => undefined,
  );
}

interface Running {
  key: string;
  upload: Upload;
}

/** The uploads of one place on a page. onStored is called once for each file that has arrived. */
export function useUploads(order: string, onStored: (file: UploadedFile) => void) {
  const running = useRef<readonly Running[]>([]);
  const [uploads, setUploads] = useState<readonly Running[]>([]);
  const redraw = () => setUploads([...running.current]);
  const stored = useRef(onStored);
  useLayoutEffect(() => {
    stored.current = onStored;
  });
  const digester = useMemo(() => new Digester(), []);
  const ports = useMemo(() => orderPorts(order, digester), [order, digester]);

  useEffect(
    () => () => {
      for (const { upload } of running.current) upload.pause();
      digester.close();
    },
    [digester],
  );

  const drop = (key: string) => {
    running.current = running.current.filter((one) => one.key !== key);
    redraw();
  };
  const add = (files: readonly File[]) => {
    for (const file of files) {
      const key = randomId();
      const upload = new Upload(file, ports, () => {
        const { phase, file: arrived } = upload.state;
        if (phase === 'stored' && arrived && running.current.some((one) => one.key === key)) {
          const { id, sha256, name, size } = arrived;
          drop(key);
          stored.current({ id, sha256, name, size });
        } else redraw();
      });
      running.current = [...running.current, { key, upload }];
      void upload.run();
    }
    redraw();
  };
  const cancel = (key: string) => {
    const upload = running.current.find((one) => one.key === key)?.upload;
    drop(key);
    upload?.pause();
    const { sha256, file } = upload?.state ?? {};
    if (sha256) ports.begun.forget(sha256);
    if (file) removeFile(order, file.id);
  };
  return { uploads, add, cancel };
}
