// Every shortcut of the pages, as they are carried out and as the overlay lists them: the one table of both.
//
// `keys` are pressed together, or with `then` one after the other. `press` names what is clicked, `go` where the focus
// goes, `there` what must be on the page for keys that something else hears. What is not there is not listed.
//
// Alt goes with letters that no menu of a browser wants (not A to F, H, S, T, V) and no layout of a Mac needs to write
// (Polish: A C E L N O S X Z; dead keys: E I N U).

export const SHORTCUTS = [
  { keys: ["Enter"], does: "Send the answer; inside a code block, begin a new line", there: "#answer" },
  { keys: ["Ctrl", "Enter"], does: "Send the answer from anywhere in it", there: "#answer" },
  { keys: ["Shift", "Enter"], does: "Begin a new line", there: "#answer" },
  { keys: ["Alt", "P"], does: "Insert a code block (P for program)", press: "#composer [data-code]" },
  { keys: ["Alt", "G"], does: "Get a hint, which costs 10 points", press: '#composer [formaction$="/hint"]' },
  { keys: ["Alt", "K"], does: "Skip, or go on to the next question", press: '#composer [formaction$="/skip"], .over form[action$="/skip"] button' },
  { keys: ["Alt", "R"], does: "Read aloud, or stop", press: "[data-read]" },
  { keys: ["Alt", "M"], does: "Dictate, or stop (M for microphone)", press: "[data-dictate]" },
  { keys: ["Alt", "J"], does: "Jump to the newest feedback", go: ".feedback" },
  { keys: ["Alt", "Q"], does: "Quit: end the interview, after asking", go: ".rail .end" },
  { keys: ["Esc"], does: "Stop reading aloud and dictating", there: "[data-read], [data-dictate]" },
  { keys: ["G", "I"], then: true, does: "Go to the interviews", press: 'header.site nav a[href="/"]' },
  { keys: ["G", "R"], then: true, does: "Go to the review", press: 'header.site nav a[href="/review"]' },
  { keys: ["G", "P"], then: true, does: "Go to your progress", press: 'header.site nav a[href="/progress"]' },
  { keys: ["G", "Q"], then: true, does: "Go to the questions", press: 'header.site nav a[href="/bank"]' },
  { keys: ["?"], does: "Show these shortcuts", press: "[data-shortcuts]" },
];
