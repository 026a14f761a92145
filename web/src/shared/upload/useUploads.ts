import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { randomId } from '@/shared/lib/randomId';
import { Digester } from './digest';
import { portsOf } from './ports';
import type { UploadTarget } from './targets';
import { Upload } from './upload';

/** An uploaded file: the reference that orders and profiles use, and what is shown of it. */
export interface UploadedFile {
  id: string;
  sha256: string;
  name: string;
  size: number;
  /** What its owner calls it, in a profile. */
  title?: string;
}

/**
 * Deletes a file that its sender removed. The platform refuses for a file that an order or the
 * profile already uses; that is right and is ignored.
 */
export function removeFile(target: UploadTarget, file: string): void {
  void target.remove(file).catch(() => undefined);
}

interface Running {
  key: string;
  upload: Upload;
}

/** Manages the uploads of one field. onStored is called once for each stored file. */
export function useUploads(target: UploadTarget, onStored: (file: UploadedFile) => void) {
  const running = useRef<readonly Running[]>([]);
  const [uploads, setUploads] = useState<readonly Running[]>([]);
  const redraw = () => setUploads([...running.current]);
  const stored = useRef(onStored);
  useLayoutEffect(() => {
    stored.current = onStored;
  });
  const digester = useMemo(() => new Digester(), []);
  const ports = useMemo(() => portsOf(target, digester), [target, digester]);

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
        const { phase, file: storedFile } = upload.state;
        if (phase === 'stored' && storedFile && running.current.some((one) => one.key === key)) {
          const { id, sha256, name, size } = storedFile;
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
    if (sha256) ports.started.remove(sha256);
    if (file) removeFile(target, file.id);
  };
  return { uploads, add, cancel };
}
