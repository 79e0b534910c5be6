import { dirname } from 'node:path'
import ts from 'typescript'

/** The public names of a module, each with the symbol that is meant, sorted. */
export type Exports = { name: string; symbol: ts.Symbol }[]

/** Reads a package's own compiler options. */
export function compilerOptions(tsconfig: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(tsconfig, (path) => ts.sys.readFile(path))
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(tsconfig)).options
}

/** A program over these files, and what each of them exports. */
export function readExports(
  files: string[],
  options: ts.CompilerOptions,
): { program: ts.Program; exportsOf: (file: string) => Exports } {
  const program = ts.createProgram(files, { ...options, noEmit: true })
  const checker = program.getTypeChecker()
  const exportsOf = (file: string): Exports => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (!module) throw new Error(`Cannot read what ${file} exports: it is not there or exports nothing`)
    return checker
      .getExportsOfModule(module)
      .map((symbol) => ({
        name: symbol.name,
        symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }
  return { program, exportsOf }
}
