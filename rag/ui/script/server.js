// What the server is asked at once, and what is said when it does not answer.

const LONGEST_WAIT_S = 20, MOST_TRIES = 5;
let failing = false;

async function send(name, data) {
  const lost = { lost: true, error: "The server did not answer. Is it still running? Try again." };
  try { return (await server[name](data)) ?? lost; } catch { return lost; }
}

// The reply; an error is shown as well. Who has asked too often waits, and asks again.
async function call(name, data) {
  let reply = await send(name, data);
  for (let tries = 1; reply.wait_s <= LONGEST_WAIT_S && tries < MOST_TRIES; tries++) {
    status(reply.error);
    await new Promise((wake) => setTimeout(wake, reply.wait_s * 1000));
    status();
    reply = await send(name, data);
  }
  if (reply.error) say(reply.error);
  if (reply.error || failing) status(reply.error);
  failing = Boolean(reply.error);
  return reply;
}

function status(text) {
  $("#index-status").textContent = text ?? "";
  $("#index-status").hidden = !text;
}
