// The reader of the API's description: Swagger UI, from this server, told where the description is.

/** @type {(options: Record<string, unknown>) => void} */
const swagger = /** @type {any} */ (window).SwaggerUIBundle;
const reader = /** @type {HTMLElement} */ (document.getElementById("reader"));

swagger({
  url: reader.dataset.description,
  domNode: reader,
  deepLinking: true,
  // Without this it would ask a service on another host whether the description is valid.
  validatorUrl: null,
});
