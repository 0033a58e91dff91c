// TensorFlow Playground's own engine, from a checkout of it, behind the same requests as object_graph.js.
//
// node playground.js ENGINE: ENGINE is its src/nn.ts as a module for Node (objects.py makes it).
import { pathToFileURL } from 'node:url';
import { answer } from './requests.mjs';

const nn = await import(pathToFileURL(process.argv[2]).href);

let job = null;
let network = null;
let place = 0;

const COMMANDS = {
  job(request) {
    job = request;
    return COMMANDS.reset();
  },
  reset() {
    const { kind, layers } = job;
    const activation = { tanh: nn.Activations.TANH, sigmoid: nn.Activations.SIGMOID }[kind];
    const inputs = layers[0].weights.map((_, i) => `x${i}`);
    const shape = [inputs.length, ...layers.map(({ biases }) => biases.length)];
    network = nn.buildNetwork(shape, activation, activation, null, inputs);
    layers.forEach(({ weights, biases }, l) => {
      network[l + 1].forEach((neuron, j) => {
        neuron.bias = biases[j];
        neuron.inputLinks.forEach((link, i) => { link.weight = weights[i][j]; });
      });
    });
    place = 0;
    return {};
  },
  /** Updates on batches of `batch` samples in the stored order. It always averages a batch. */
  train({ count }) {
    const { inputs, targets, batch, rate, mean } = job;
    for (let step = 0; step < count; step++) {
      const end = Math.min(place + batch, inputs.length);
      for (let s = place; s < end; s++) {
        nn.forwardProp(network, inputs[s]);
        nn.backProp(network, targets[s][0], nn.Errors.SQUARE);
      }
      nn.updateWeights(network, mean ? rate : rate * (end - place), 0);
      place = end === inputs.length ? 0 : end;
    }
    return {};
  },
  /** Maps of all neurons as its page keeps them: rows of numbers under each neuron's name. */
  map({ count, resolution, low, high }) {
    const maps = {};
    const step = (high - low) / (resolution - 1);
    for (let turn = 0; turn < count; turn++) {
      nn.forEachNode(network, true, (neuron) => { maps[neuron.id] = new Array(resolution); });
      for (let i = 0; i < resolution; i++) {
        nn.forEachNode(network, true, (neuron) => { maps[neuron.id][i] = new Array(resolution); });
        for (let j = 0; j < resolution; j++) {
          nn.forwardProp(network, [low + i * step, low + j * step]);
          nn.forEachNode(network, true, (neuron) => { maps[neuron.id][i][j] = neuron.output; });
        }
      }
    }
    return { sum: maps[nn.getOutputNode(network).id].flat().reduce((sum, value) => sum + value, 0) };
  },
  parameters() {
    return {
      layers: network.slice(1).map((layer, l) => ({
        weights: network[l].map((_, i) => layer.map((neuron) => neuron.inputLinks[i].weight)),
        biases: layer.map((neuron) => neuron.bias),
      })),
    };
  },
};

answer(COMMANDS);
