"""From trees and context to mathematics: SymPy expressions, definitions, kinds, conditions."""
