import { CloseCircleFilled } from '@ant-design/icons';

/** The allowClear of an Input: its button is called by its icon. */
export const clearable = { clearIcon: <CloseCircleFilled aria-label="Очистить" /> };
