// Generates everything, as a user of the service would, in TypeScript that the compiler still checks.
module.exports = {
  mode: 3,
  emitMode: 'ts',
  // Without it, the generator names all files after the namespace.
  serviceName: 'KeySets',
  // The generator assumes that the service generates each key of one property. But clients choose the id of a set.
  disableAutoManagedKey: true,
};
