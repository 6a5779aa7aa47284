/**
 * Jobs that could run at `at`, a parameter such as `$1`: their time has come, and nothing of their key is running. The one
 * place that says so: claims, sweeps and turns all read it.
 */
export const dueAt = (at: string): string => `jobs.status = 'waiting' AND jobs.run_at <= ${at} AND NOT EXISTS (
  SELECT FROM jobs other WHERE other.name = jobs.name AND other.key = jobs.key AND other.status = 'running')`;
