import { describe, expect, it } from 'vitest'
import { type ListedTool, resolveToolPath } from './tool-path.ts'

function aTool(address: string): ListedTool {
  const [integration = '', owner = '', connection = '', ...name] = address.split('.')
  return {
    address: `tools.${address}`,
    integration,
    owner,
    connection,
    name: name.join('.'),
    description: '',
  }
}

const tools = [
  aTool('petstore.org.default.pet.findPetsByStatus'),
  aTool('petstore.org.default.pet.addPet'),
  aTool('github.org.work.issues.create'),
  aTool('github.user.mine.issues.create'),
  aTool('github.org.work.issues.createComment'),
  aTool('github.org.work.gists.list'),
]

describe('resolveToolPath', () => {
  it('takes a whole address as it is', () => {
    const tool = resolveToolPath(['github', 'org', 'work', 'issues', 'create'], tools)

    expect(tool.address).toBe('tools.github.org.work.issues.create')
  })

  it('finds the one tool that a short path means', () => {
    expect(resolveToolPath(['petstore', 'findPetsByStatus'], tools).name).toBe(
      'pet.findPetsByStatus',
    )
    expect(resolveToolPath(['petstore.findpetsbystatus'], tools).name).toBe('pet.findPetsByStatus')
    expect(resolveToolPath(['github', 'gists.list'], tools).name).toBe('gists.list')
  })

  it('says which tools a short path could mean', () => {
    expect(() => resolveToolPath(['github', 'issues.create'], tools)).toThrow(
      'github.org.work.issues.create\n  github.user.mine.issues.create',
    )
  })

  it('tells accounts apart by their connection', () => {
    expect(resolveToolPath(['github', 'mine', 'issues', 'create'], tools).owner).toBe('user')
    expect(resolveToolPath(['github', 'mine', 'create'], tools).owner).toBe('user')
  })

  it('says what looks like a tool that does not exist', () => {
    expect(() => resolveToolPath(['petstore', 'findPets'], tools)).toThrow('pet.findPetsByStatus')
  })

  it('puts what looks like it most first', () => {
    expect(() => resolveToolPath(['petstore', 'fndPetByStatus'], tools)).toThrow(
      /look like it:\n {2}petstore\.org\.default\.pet\.findPetsByStatus/,
    )
  })
})
