/** Jobs that could run at $1: their time has come, and nothing of their key is running. */
export const DUE = `status = 'waiting' AND run_at <= $1 AND NOT EXISTS (
  SELECT FROM jobs other WHERE other.name = jobs.name AND other.key = jobs.key AND other.status = 'running')`;
