// @ts-check
/**
 * Shapes that several modules share. Types only; nothing runs here.
 *
 * @typedef {"term" | "neuron" | "group" | "layer" | "phase" | "epoch"} Granularity a lab has groups in place of neurons and layers
 * @typedef {{step: number, sample: number, id: string, title: {key: string, refs: Record<string, string>}}} Waypoint a micro-step that was jumped from
 * @typedef {"system" | "light" | "dark"} Theme
 * @typedef {"help" | "weights" | "share" | "notation" | "table"} DialogName
 * @typedef {"matrices" | "samples" | "optimizer" | "paths" | "proof" | "history" | "compare" | "pictures" | "api"} DrawerTab
 * @typedef {"hidden" | "flow" | "weights" | "surface" | "confusion" | "zero" | "classes"} PictureName
 * @typedef {object} PictureOptions how the pictures are set
 * @property {"hidden" | "flow" | "weights" | "surface" | "confusion"} tab the one in the drawer
 * @property {"class" | "confidence" | "errors"} view of the output map
 * @property {boolean} iso lines between its bands
 * @property {boolean} zero lines where hidden neurons turn over
 * @property {number} zeroLayer
 * @property {boolean} accuracy in place of the loss
 * @property {number} smooth share of itself that the loss curve keeps from reading to reading
 * @property {number} layer of the hidden space
 * @property {number} output
 * @property {"principal" | "output"} axes
 * @property {"path" | "random" | "parameters"} kind of the loss surface
 * @property {string | null} x parameter
 * @property {string | null} y
 * @property {number} seed
 * @property {number | null} radius
 * @typedef {{method: string, path: string, body: any, status: number, reply: any}} Call one request to the server and its reply
 * @typedef {{key: string, state: "none" | "checking" | "done" | "failed", data: any}} Proof
 * @typedef {{text: string, verdict: "right" | "slip" | "wrong" | "error", slip: any, factors: string[], [extra: string]: any}} Try a typed answer and what became of it
 * @typedef {{on: boolean, scope: "one" | "phase" | "deltas", solved: string[], tries: Record<string, Try>, score: {right: number, asked: number}}} Predict
 * @typedef {{en: string, ko: string}} Label
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Translate
 * @typedef {{mode: "trained" | "fixed" | "absent", value: number}} Bias
 * @typedef {{units: number, activation: string, activation_parameters: Record<string, number>, bias: Bias}} Layer
 * @typedef {{name: string, parameters: Record<string, number>}} Choice a registry entry with its parameters
 * @typedef {{name: string, coefficient: number, outputs: "sum" | "mean", batch: "sum" | "mean"}} Loss
 * @typedef {{mode: "full" | "mini" | "one", size: number, order: "stored" | "shuffled"}} Batch
 * @typedef {{loss: Loss, optimizer: Choice, batch: Batch, regularization: Record<string, number>, dropout: number, clipping: Choice, schedule: Choice}} Training
 * @typedef {{weights: number[][][], biases: (number[] | null)[]}} Parameters
 * @typedef {{type: "step", count: number} | {type: "patch", patch: object} | {type: "data", data: object}} RecipeAction
 * @typedef {{create: Record<string, any>, actions: RecipeAction[]}} Recipe
 * @typedef {object} DataRecord
 * @property {string} name
 * @property {Record<string, number>} parameters
 * @property {number[][]} inputs
 * @property {number[][]} targets
 * @property {number[]} order
 * @property {number} size
 * @property {string | null} expression
 * @property {"classes" | "regression"} kind
 * @property {number[][]} test_inputs
 * @property {number[][]} test_targets
 * @property {number} test_size
 * @property {number[]} test_rows places of the test rows in the whole table
 * @property {{test_share: number, seed: number}} split
 * @property {string[]} columns
 * @property {number[]} means of the columns over the training rows
 * @property {string[]} target_columns
 * @property {string[]} classes
 * @property {string[]} features the network's inputs as formulas over the columns
 * @property {ScalingRecord} scaling
 * @property {ScalingRecord} target_scaling
 * @property {number[][] | null} network_inputs
 * @property {number[][] | null} network_targets
 * @typedef {{name: string, centre: number[], spread: number[]}} ScalingRecord
 * @typedef {object} DataBody a data set as it is asked for
 * @property {string} [name]
 * @property {Record<string, number>} [parameters]
 * @property {string} [expression]
 * @property {{text: string, columns?: string[], target?: string, kind?: string}} [csv]
 * @property {number[][]} [inputs]
 * @property {number[][]} [targets]
 * @property {number[]} [order]
 * @property {string[]} [columns]
 * @property {string[]} [target_columns]
 * @property {string[]} [classes]
 * @property {{test_share: number, seed: number}} [split]
 * @property {string[]} [features]
 * @property {string} [scaling]
 * @property {string} [target_scaling]
 * @typedef {object} TableColumn a column of a table that is looked at
 * @property {string} name
 * @property {"number" | "text"} kind
 * @property {"classes" | "regression"} target_kind
 * @property {string[] | null} classes
 * @property {number | null} minimum
 * @property {number | null} maximum
 * @property {number | null} mean
 * @property {number | null} spread
 * @property {number | null} first_text_row
 * @typedef {{delimiter: string, decimal: string, rows: number, columns: TableColumn[], first: string[][], columns_guess: string[], target_guess: string}} TablePreview
 * @typedef {{name: string, text: string, preview: TablePreview | null, problem: string | null}} OpenTable a file that is looked at before it is used
 *
 * @typedef {object} SessionFields
 * @property {string} id
 * @property {"ready" | "training" | "paused" | "diverged"} status
 * @property {string | null} preset
 * @property {number} seed
 * @property {{inputs: number, layers: Layer[], initializer: Choice | null}} network
 * @property {Training} training
 * @property {number} learning_rate the next step's, as the schedule has it
 * @property {DataRecord} data
 * @property {Parameters} [parameters]
 * @property {number} epoch_position
 * @property {number[]} next_batch
 * @property {{node: number, undo: number | null, redo: number | null, last_step: number, branches: number}} timeline
 * @property {{step: number, element: string, learning_rate: number, suggested_learning_rate: number} | null} divergence
 * @property {Recipe} recipe
 * @property {{reason: EndReply["reason"] | null} | null} [run] the training under way, or the last that was
 * @typedef {Omit<import("./lib/samples.js").SessionView, "network" | "parameters"> & SessionFields} Session
 *
 * @typedef {{name: string, first: number, count: number}} PhaseRange
 * @typedef {import("./lib/refs.js").MicroStepsRecord & {iteration: number, epoch: number, granularity: Granularity, only: string | null, phases: PhaseRange[], elements?: Session["elements"], notation?: import("./lib/symbols.js").NotationRecord}} MicroSteps
 * @typedef {{steps: number[], last: (number | null)[], minimum: (number | null)[], maximum: (number | null)[], nonfinite?: Record<string, string>}} Curve
 *
 * @typedef {object} Parameter one settable number of a registry entry
 * @property {string} name
 * @property {Label} label
 * @property {string} tex
 * @property {number} default
 * @property {number} minimum
 * @property {number} maximum
 * @property {boolean} exclusive_minimum
 * @property {boolean} exclusive_maximum
 * @property {boolean} integer
 * @typedef {{name: string, label: Label, parameters: Parameter[]}} Entry
 * @typedef {Entry & {tex: string, source: string}} Rule
 * @typedef {{name: string, label: Label, tex: string, coefficient: number, outputs: "sum" | "mean", batch: "sum" | "mean"}} LossForm
 * @typedef {{name: string, label: Label, tex: string, accepts: string[] | null, forms: LossForm[]}} LossEntry
 * @typedef {object} Catalog
 * @property {(Entry & {output_only: boolean, tex: string})[]} activations
 * @property {LossEntry[]} losses
 * @property {Entry[]} optimizers
 * @property {Rule[]} penalties
 * @property {Parameter} dropout
 * @property {Rule[]} clippings
 * @property {Rule[]} schedules
 * @property {Entry[]} initializers
 * @property {(Entry & {generated: boolean, kind: "classes" | "regression", inputs: number, outputs: number, expression: string | null})[]} datasets
 * @property {{name: string, label: Label, form: string, tex: string, columns: number}[]} features
 * @property {{name: string, label: Label, description: Label, source: string}[]} presets
 * @property {import("./lib/notation.js").Notations} notations
 * @property {Record<string, number>} limits
 *
 * @typedef {object} Draft settings that rebuild the network; null where nothing changes
 * @property {Layer[] | null} layers
 * @property {Choice | null} initializer
 * @property {number | null} seed
 * @property {DataBody | null} data
 * @property {number | null} inputs of the network, where the data changes
 * @property {Loss | null} loss
 *
 * @typedef {{what: string, name?: string, from: string, to: string}} Change one line of what waits
 * @typedef {{kind: "offline" | "diverged" | "gone" | "error" | "access" | "link" | "expired" | "ended", key?: string, values?: Record<string, string | number>, text?: string, retry?: (() => unknown) | null}} Banner
 * @typedef {{from: number, to: number | null, epoch: number, loss: number | null, key: string, state?: "running" | "pausing" | "lost"}} Run progress of a run, in epochs or steps; `to` null: until it is paused
 * @typedef {{element: string, x_range: [number, number], y_range: [number, number], resolution: number, minimum: number | null, maximum: number | null, midpoint: number | null, values: string}} ByteMap values: base64 of bytes, 0 to 255 spanning minimum to maximum
 * @typedef {object} FrameReply
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} loss
 * @property {number | null} [test_loss]
 * @property {number | null} [accuracy]
 * @property {number | null} [test_accuracy]
 * @property {{step: number, loss: number | null}[]} losses since the frame before
 * @property {Parameters} parameters
 * @property {ByteMap | null} boundary
 * @property {number | null} epochs_per_second
 * @property {number | null} seconds_left
 * @property {number | null} progress
 * @property {Record<string, string>} [nonfinite]
 * @typedef {FrameReply & {curve: import("./lib/live_curve.js").LiveCurve}} Frame with the whole loss curve as far as it is drawn
 * @typedef {{reason: "epochs" | "loss" | "accuracy" | "no-improvement" | "paused" | "diverged" | "error", session: Session}} EndReply
 * @typedef {object} Lab
 * @property {string} name
 * @property {string} mode which part of the lab
 * @property {Record<string, any>} request all that was asked, with every default
 * @property {any} reply
 * @typedef {{id: string, node: number, index: number}} Place
 * @typedef {{name: string, before: Place, after: Place}} Deed one undoable action
 */

export {};
