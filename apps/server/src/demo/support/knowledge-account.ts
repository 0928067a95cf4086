import type { Topic } from "./topic.ts";

/** Help articles on orders, invoices and accounts. */
export const accountTopics: readonly Topic[] = [
  {
    id: "kb-2003",
    title: "Returning a product",
    body: "Products can be returned within 30 days of delivery, also when they were opened. Open Orders, choose the order and tap Return; a label is sent by mail. The refund goes to the original payment method within five working days of arrival. Products bought in a shop are returned there. Valves that were painted are excluded.",
    questions: [
      "How do I return order {order}?",
      "I opened the box, can I still send the {device} back?",
      "When do I get my money back? I returned {order} last week.",
    ],
    answer:
      "You can return it within **30 days** of delivery, opened or not. Choose the order under **Orders** and tap **Return**: the label comes by mail. The refund reaches your original payment method within five working days of the parcel's arrival.",
    poor: "Opened products cannot be returned unfortunately. As a gesture of goodwill I can offer you a voucher of {amount} for your next order.",
    followUps: [
      ["I bought it at a shop in {city}.", "Then please return it in that shop: it made the sale and handles the refund."],
      ["Do I have to pay for shipping?", "No, the label is free of charge."],
    ],
    difficulty: 0.1,
  },
  {
    id: "kb-2017",
    title: "Understanding your Hearthly Plus invoice",
    body: "Hearthly Plus is charged every month in advance. When you change from monthly to yearly in the middle of a month, the unused days are credited on the first yearly invoice. Extra homes cost 2.90 EUR each. Invoices are under Account › Billing; the business address can be changed for the last three.",
    questions: [
      "Why was I charged {amount} this month?",
      "I changed to the yearly plan, why are there two charges?",
      "Can you change the address on my last invoice?",
    ],
    answer:
      "Hearthly Plus is charged in advance, so in the month of a change you see the yearly invoice with a credit for the unused days of the monthly plan. Every extra home adds 2.90 EUR. You find each item under **Account › Billing**, where you can also change the address of your last three invoices.",
    poor: "The amount of {amount} includes the yearly plan and a setup fee. The monthly charge will be refunded within 14 days automatically.",
    followUps: [
      [
        "I only have one home though.",
        "Then there should be no extra item. Under **Account › Homes** an old home may still be active; after you remove it, the next invoice is lower.",
      ],
    ],
    difficulty: 0.3,
  },
  {
    id: "kb-2025",
    title: "Cancelling Hearthly Plus",
    body: "Cancel under Account › Plan › Cancel; Plus stays active until the end of the paid period. Heating goes on working without Plus; history beyond 30 days, several homes and the weather forecast are switched off. Data is kept for 90 days in case you come back. Subscriptions bought in an app store are cancelled there.",
    questions: ["How do I cancel my subscription?", "If I cancel Plus, will my heating still work?", "I want to end Plus, what happens to my data?"],
    answer:
      "Go to **Account › Plan › Cancel**. Plus runs until the end of the period you paid for. Your heating keeps working; history beyond 30 days, several homes and the forecast end. We keep the data for 90 days. If you subscribed in an app store, cancel it there.",
    poor: "Please note that without Plus the thermostats switch to manual operation. I recommend staying subscribed during the winter.",
    followUps: [["I subscribed on my phone.", "Then open the subscriptions page of your app store and cancel there: we cannot do it from our side."]],
    difficulty: 0.1,
  },
  {
    id: "kb-2040",
    title: "Delivery times and tracking",
    body: "Orders before 14:00 leave the same working day. Delivery takes one to two days in Germany, two to four in the rest of the EU, five to nine in Switzerland and Norway because of customs. The tracking link is in the shipping mail and under Orders. If it has not moved for three days, we ask the carrier.",
    questions: ["Where is my order {order}?", "Tracking for {order} has not changed for four days", "How long does delivery to {city} take?"],
    answer:
      "I looked up {order}: it left our warehouse and is with the carrier. Within the EU it takes two to four days, to Switzerland and Norway five to nine because of customs. If tracking stands still for three days we ask the carrier; I have started that for you.",
    poor: "Your order {order} was delivered yesterday and signed for. Please ask your neighbours.",
    followUps: [
      [
        "Nobody rang, I was at home all day.",
        "I am sorry about that. The carrier will try again tomorrow; with the tracking link you can also choose a pickup point.",
      ],
    ],
    difficulty: 0.25,
  },
  {
    id: "kb-2052",
    title: "Warranty",
    body: "Every product has a two-year warranty from the date of delivery, batteries excluded. A three-year extension for hubs is included in Hearthly Plus as long as it is active. Send the serial number and a short video of the fault; replacements are usually sent within two working days without waiting for the old device.",
    questions: [
      "My {device} died after {months} months, is that covered?",
      "How long is the warranty on the {device}?",
      "What do you need from me for a warranty claim?",
    ],
    answer:
      "The warranty is **two years** from delivery, so {months} months is covered as long as it is below 24; with Hearthly Plus, hubs have three years more. Send us the serial number and a short video of the fault: a replacement usually leaves within two working days, before we have the old one.",
    poor: "The warranty is 12 months. Since your device is {months} months old, I can offer you a discount of 20 % on a new one.",
    followUps: [["Where do I find the serial number?", "On the label below the QR code, and in the app under **Device › About**."]],
    difficulty: 0.2,
  },
  {
    id: "kb-2066",
    title: "Inviting family members and setting rights",
    body: "Open Home › People › Invite. An adult may change everything but the plan; a guest may change temperatures for today only; a child sees the rooms. Invitations are valid for seven days. Removing a person signs all their phones out at once.",
    questions: [
      "How can my partner use the app too?",
      "Can I give our holiday tenants access for a week?",
      "my son keeps turning the heating up, can I limit that?",
    ],
    answer:
      "Under **Home › People › Invite** you choose what a person may do: adults change everything but the plan, guests only today's temperatures, children just look. Invitations hold for seven days, and removing a person signs their phones out at once.",
    poor: "Sharing an account is not supported. Please give the other person your password, they can sign in with it on their phone.",
    followUps: [["Can guests see my energy costs?", "No. Costs are for the owner and adults only."]],
    difficulty: 0.15,
  },
  {
    id: "kb-2081",
    title: "Konto löschen und Daten mitnehmen",
    body: "Unter Konto › Datenschutz › Daten exportieren erhalten Sie innerhalb einer Stunde ein Archiv mit Verlauf, Zeitplänen und Rechnungen. Konto löschen entfernt alle Daten nach 14 Tagen; bis dahin genügt eine Anmeldung, um die Löschung aufzuheben. Rechnungen bewahren wir wegen gesetzlicher Fristen zehn Jahre auf.",
    questions: [
      "Wie kann ich mein Konto löschen?",
      "Ich ziehe um und möchte alle meine Daten exportieren.",
      "Was passiert mit meinen Rechnungen, wenn ich das Konto lösche?",
    ],
    answer:
      "Über **Konto › Datenschutz › Daten exportieren** bekommen Sie innerhalb einer Stunde ein Archiv mit Verlauf, Zeitplänen und Rechnungen. Danach können Sie das Konto dort löschen; es wird nach 14 Tagen endgültig entfernt, eine Anmeldung vorher hebt die Löschung auf. Rechnungen müssen wir zehn Jahre aufbewahren.",
    poor: "Ihr Konto wurde soeben gelöscht. Eine Wiederherstellung ist leider nicht möglich.",
    followUps: [["Geht das auch für nur eine Wohnung?", "Ja, unter **Zuhause › Entfernen** löschen Sie eine einzelne Wohnung, das Konto bleibt bestehen."]],
    difficulty: 0.15,
  },
  {
    id: "kb-2094",
    title: "تغيير لغة التطبيق",
    body: "يستخدم التطبيق لغة الهاتف. لتغييرها في التطبيق فقط افتح الحساب › اللغة. تتوفر العربية منذ الإصدار 5.2، وتظهر الرسائل البريدية بنفس اللغة بعد ساعة تقريبا.",
    questions: ["كيف أغير لغة التطبيق إلى العربية؟", "وصلتني الفاتورة بالألمانية، هل يمكن تغيير اللغة؟"],
    answer: "افتح **الحساب › اللغة** واختر العربية، وهي متوفرة منذ الإصدار 5.2. ستصلك الرسائل البريدية والفواتير الجديدة بنفس اللغة بعد ساعة تقريبا.",
    poor: "التطبيق متوفر بالإنجليزية والألمانية فقط في الوقت الحالي.",
    followUps: [["شكرا، تم الأمر", "على الرحب والسعة!"]],
    difficulty: 0.25,
  },
];
