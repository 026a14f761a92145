/** Whether the stories are played at the end of a slow line, where everything takes its time. */
export const onSlowLine = process.env['EPKR_LINE'] === 'slow';
