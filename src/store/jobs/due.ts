/**
 * The condition for jobs that could run at `at`, a parameter such as `$1`: their time has come, and no job with their
 * key is running. The only definition of 'due', for claims, sweeps and turns.
 */
export const dueAt = (at: string): string => `jobs.status = 'waiting' AND jobs.run_at <= ${at} AND NOT EXISTS (
  SELECT FROM jobs other WHERE other.name = jobs.name AND other.key = jobs.key AND other.status = 'running')`;
