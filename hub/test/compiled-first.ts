/** Before the first test: the threads that tests begin, and the hubs they start, find their code compiled. */
import { keepCompiled } from '../compiled.ts'

export default (): void => keepCompiled()
