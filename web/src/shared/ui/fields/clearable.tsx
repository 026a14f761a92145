import { CloseCircleFilled } from '@ant-design/icons';

/** The allowClear of an Input. The button takes its accessible name from the icon. */
export const clearable = { clearIcon: <CloseCircleFilled aria-label="Очистить" /> };
