/** Words that stand in every English text, whatever it says. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both but by can cannot could
  did do does doing don't down during each few for from further get got had has have having he her here hers him his how i if in into is isn't
  it it's its itself just me more most my myself no nor not now of off on once only or other our ours out over own really same she should so
  some such than that that's the their theirs them then there these they this those through to too under until up very was wasn't we were what
  when where which while who whom why will with would you your yours`.split(/\s+/),
);
