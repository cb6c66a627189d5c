import './start.ts'
import './tab.ts'
