import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';

/** Enters the field that a link to the page names: «/profile/edit?field=phone». */
export function useRequestedField(form: FormInstance): void {
  const [search, setSearch] = useSearchParams();
  const field = search.get('field');
  useEffect(() => {
    if (!field) return;
    // After the frame has moved the focus to the new page.
    const frame = requestAnimationFrame(() => {
      form.scrollToField(field, { block: 'center', focus: true });
      setSearch({}, { replace: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [field, form, setSearch]);
}
