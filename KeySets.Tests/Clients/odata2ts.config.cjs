// Generates what a user of the service would: all there is, as TypeScript that the compiler still checks.
module.exports = {
  mode: 3,
  emitMode: 'ts',
  // Or the generator names all files after the namespace.
  serviceName: 'KeySets',
  // The generator takes each key of one property for one that the service makes up. Clients choose the id of a set.
  disableAutoManagedKey: true,
};
