/** Who answers at this address: a person elsewhere, the client's user, or the model itself. */
export type AnswerMode = 'browser' | 'native' | 'model'
