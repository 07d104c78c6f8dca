/** The parts of the desk that may run in processes of their own. */
export const SERVICE_ROLES = ['bot', 'worker'] as const;
export type ServiceRole = (typeof SERVICE_ROLES)[number];
