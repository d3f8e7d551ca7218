/** Headers of a request. */

/** As Node gives them: names in lower case, a list where a header came more than once and may. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
