/** How a report writes what it does not show: `[code 43 chars vschar #0123456789ab]`. */
export const markPattern = /\[([A-Za-z][\w-]*) (\d+) chars (vschar|quoted|other) #([0-9a-f]{12})\]/;
