export { wsTrust } from './wsTrust.js'
