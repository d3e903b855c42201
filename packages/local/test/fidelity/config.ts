/** `FIDELITY=whole` calls every operation in all shapes; otherwise each is called in one of them. */
export const isWhole = process.env.FIDELITY === 'whole'
/** `FIDELITY_ONLY=Stripe` compares that description alone. */
export const only = process.env.FIDELITY_ONLY
