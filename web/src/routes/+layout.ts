// The console is a client of the API: nothing of it is rendered anywhere else.
export const ssr = false
export const prerender = false
