// The date field. A day that is picked from the calendar is meant at once. While
// a date is typed every figure is a date of its own, so it is meant when Enter is
// pressed or the field is left.

export function newPicker(input, go) {
  const shown = input.value;
  let typing = false;
  const leave = () => input.value !== "" && input.value !== shown && go();
  input.addEventListener("pointerdown", () => (typing = false));
  input.addEventListener("keydown", ({ key }) => {
    typing = true;
    if (key === "Enter") leave();
  });
  input.addEventListener("change", () => typing || leave());
  input.addEventListener("blur", leave);
}
