// What a user of the public `openai` client does with a server of ours; prints what came of it as one JSON document.
// node client.mjs BASE_URL TOKEN MODEL
import OpenAI from "openai";

const [baseURL, apiKey, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: "user", content: "What is 12+7?" }];
const sampling = { model, seed: 11, temperature: 0.8, top_p: 0.95, max_tokens: 24 };
const texts = (answer) => answer.choices.map((choice) => choice.text ?? choice.message.content);
const refusal = async (ask) => {
  try {
    await ask();
    return null;
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, param: error.param, code: error.code, message: error.message };
  }
};

const found = {};
found.models = (await client.models.list()).data.map((one) => one.id);
found.model = (await client.models.retrieve(model)).id;

found.chat = await client.chat.completions.create({ ...sampling, messages, logprobs: true, top_logprobs: 3 });
found.chatAgain = texts(await client.chat.completions.create({ ...sampling, messages }))[0];
found.greedy = texts(await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 24 }))[0];

const stream = await client.chat.completions.create({ ...sampling, messages, stream: true, stream_options: { include_usage: true } });
found.streamed = { text: "", pieces: 0, finish: null, usage: null };
for await (const chunk of stream) {
  const choice = chunk.choices[0];
  if (choice?.delta.content) {
    found.streamed.text += choice.delta.content;
    found.streamed.pieces++;
  }
  found.streamed.finish ??= choice?.finish_reason ?? null;
  found.streamed.usage ??= chunk.usage ?? null;
}

found.completions = await client.completions.create({ ...sampling, prompt: "12+7=", n: 4, logprobs: 2 });
const whole = texts(await client.completions.create({ ...sampling, prompt: "12+7=" }))[0];
found.stop = { whole, at: whole.slice(4, 6) };
const stopped = await client.completions.create({ ...sampling, prompt: "12+7=", stop: [found.stop.at] });
found.stop.text = texts(stopped)[0];
found.stop.finish = stopped.choices[0].finish_reason;

const leaving = await client.completions.create({ ...sampling, prompt: "1", max_tokens: 1000, n: 4, stream: true });
for await (const chunk of leaving) {
  found.leftAfter = chunk.choices[0].text;
  leaving.controller.abort();
  break;
}

const solution = { model, problem: "What is 1+2?", steps: ["1+2=3", "3"], mode: "direct", paths: 2, every_step: true, max_tokens: 16 };
found.judged = await client.post("/judge", { body: solution });

found.refusals = {
  field: await refusal(() => client.chat.completions.create({ model, messages, temperature: 9 })),
  model: await refusal(() => client.chat.completions.create({ model: "none", messages })),
  tools: await refusal(() => client.chat.completions.create({ model, messages, tools: [{ type: "function", function: { name: "f" } }] })),
  context: await refusal(() => client.completions.create({ model, prompt: "1 ".repeat(20000) })),
  token: await refusal(() => new OpenAI({ baseURL, apiKey: "not the token", maxRetries: 0 }).models.list()),
};
console.log(JSON.stringify(found));
