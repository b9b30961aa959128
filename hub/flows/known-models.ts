/** What checks of a site must be told of device models. */
import { canDo, modelRules } from '#devices/registry.ts'
import type { Knows } from '../access/validate.ts'

export const KNOWN_MODELS: Knows = {
  model: id => modelRules(id) !== undefined,
  canUnlock: (model, point) => canDo(model, point, 'unlock'),
  readsBadges: (model, point) => modelRules(model)?.points.get(point)?.says.has('badge') ?? false,
  isGateway: id => modelRules(id)?.model.gateway !== undefined,
  isBought: id => modelRules(id)?.model.bought === true,
}
