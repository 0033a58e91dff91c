// A network of neuron and link objects, one sample at a time: the way of the playgrounds in the browser.
//
// Reads one request a line from standard input and answers with the processor time it took, in microseconds.
import { answer } from './requests.mjs';

const OUTPUT = {
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
};
const SLOPE = {
  tanh: (z) => { const a = Math.tanh(z); return 1 - a * a; },
  sigmoid: (z) => { const a = 1 / (1 + Math.exp(-z)); return a * (1 - a); },
};

class Link {
  constructor(source, target, weight) {
    Object.assign(this, { source, target, weight, gradientSum: 0, count: 0, derivative: 0 });
    source.outputs.push(this);
    target.inputs.push(this);
  }
}

class Neuron {
  constructor(kind, bias) {
    this.inputs = [];
    this.outputs = [];
    this.bias = bias;
    this.activate = OUTPUT[kind];
    this.slope = SLOPE[kind];
    this.net = 0;
    this.output = 0;
    this.outputDerivative = 0;
    this.inputDerivative = 0;
    this.gradientSum = 0;
    this.count = 0;
  }

  forward() {
    this.net = this.bias;
    for (let i = 0; i < this.inputs.length; i++) {
      const link = this.inputs[i];
      this.net += link.weight * link.source.output;
    }
    this.output = this.activate(this.net);
    return this.output;
  }
}

/** Layers of neurons from `{kind, layers: [{weights: [i][j], biases}]}`; layer 0 holds the inputs. */
function build({ kind, layers }) {
  const inputs = layers[0].weights.map(() => new Neuron(kind, 0));
  const network = [inputs];
  for (const { weights, biases } of layers) {
    const below = network[network.length - 1];
    const here = biases.map((bias) => new Neuron(kind, bias));
    weights.forEach((row, i) => row.forEach((weight, j) => new Link(below[i], here[j], weight)));
    network.push(here);
  }
  return network;
}

function forward(network, input) {
  for (let i = 0; i < network[0].length; i++) network[0][i].output = input[i];
  for (let l = 1; l < network.length; l++) {
    for (let j = 0; j < network[l].length; j++) network[l][j].forward();
  }
  return network[network.length - 1][0].output;
}

function backward(network, targets) {
  const last = network[network.length - 1];
  for (let j = 0; j < last.length; j++) last[j].outputDerivative = last[j].output - targets[j];
  for (let l = network.length - 1; l >= 1; l--) {
    const layer = network[l];
    for (let j = 0; j < layer.length; j++) {
      const neuron = layer[j];
      neuron.inputDerivative = neuron.outputDerivative * neuron.slope(neuron.net);
      neuron.gradientSum += neuron.inputDerivative;
      neuron.count++;
    }
    for (let j = 0; j < layer.length; j++) {
      for (let i = 0; i < layer[j].inputs.length; i++) {
        const link = layer[j].inputs[i];
        link.derivative = layer[j].inputDerivative * link.source.output;
        link.gradientSum += link.derivative;
        link.count++;
      }
    }
    if (l === 1) continue;
    const below = network[l - 1];
    for (let j = 0; j < below.length; j++) {
      const neuron = below[j];
      neuron.outputDerivative = 0;
      for (let i = 0; i < neuron.outputs.length; i++) {
        const link = neuron.outputs[i];
        neuron.outputDerivative += link.weight * link.target.inputDerivative;
      }
    }
  }
}

function update(network, rate, mean) {
  for (let l = 1; l < network.length; l++) {
    for (let j = 0; j < network[l].length; j++) {
      const neuron = network[l][j];
      neuron.bias -= (rate / (mean ? neuron.count : 1)) * neuron.gradientSum;
      neuron.gradientSum = 0;
      neuron.count = 0;
      for (let i = 0; i < neuron.inputs.length; i++) {
        const link = neuron.inputs[i];
        link.weight -= (rate / (mean ? link.count : 1)) * link.gradientSum;
        link.gradientSum = 0;
        link.count = 0;
      }
    }
  }
}

let job = null;
let network = null;
let place = 0;

const COMMANDS = {
  job(request) {
    job = request;
    return COMMANDS.reset();
  },
  reset() {
    network = build(job);
    place = 0;
    return {};
  },
  /** Updates on batches of `batch` samples in the stored order. */
  train({ count }) {
    const { inputs, targets, batch, rate, mean } = job;
    for (let step = 0; step < count; step++) {
      const end = Math.min(place + batch, inputs.length);
      for (let s = place; s < end; s++) {
        forward(network, inputs[s]);
        backward(network, targets[s]);
      }
      update(network, rate, mean);
      place = end === inputs.length ? 0 : end;
    }
    return {};
  },
  /** Maps of the output over a grid, point by point, every neuron's activation kept as for its own picture. */
  map({ count, resolution, low, high }) {
    const maps = network.map((layer) => layer.map(() => new Float64Array(resolution * resolution)));
    for (let turn = 0; turn < count; turn++) {
      for (let y = 0; y < resolution; y++) {
        for (let x = 0; x < resolution; x++) {
          const step = (high - low) / (resolution - 1);
          forward(network, [low + x * step, low + y * step]);
          const at = y * resolution + x;
          for (let l = 0; l < network.length; l++) {
            for (let j = 0; j < network[l].length; j++) maps[l][j][at] = network[l][j].output;
          }
        }
      }
    }
    return { sum: maps[maps.length - 1][0].reduce((sum, value) => sum + value, 0) };
  },
  parameters() {
    return {
      layers: network.slice(1).map((layer, l) => ({
        weights: network[l].map((_, i) => layer.map((neuron) => neuron.inputs[i].weight)),
        biases: layer.map((neuron) => neuron.bias),
      })),
    };
  },
};

answer(COMMANDS);
